-- Notes whom the source means by each of its numbers, what it said, and which import of it said so.
insert into source_person (source, source_index, person_id, content_mac, pull_id)
select :source, r.source_index, coalesce(r.person_id, r.new_person_id), r.content_mac, :pull
  from import_row r
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to
   and r.outcome <> 'rejected' and r.source_index is not null
on conflict (source, source_index) do update
   set person_id = excluded.person_id, content_mac = excluded.content_mac, pull_id = excluded.pull_id,
       missed = 0, missed_since = null
 where source_person.person_id <> excluded.person_id or source_person.content_mac <> excluded.content_mac
    or source_person.pull_id <> excluded.pull_id or source_person.missed > 0
