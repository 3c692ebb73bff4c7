-- Notes the records of a page, and gives back those that this run has not had before.
insert into pulled_record (import_id, record_index, place, content_mac)
select :import, r.record_index, r.place, r.content_mac
  from unnest(:indexes::bytea[], :places::bigint[], :macs::bytea[]) as r(record_index, place, content_mac)
on conflict do nothing
returning place
