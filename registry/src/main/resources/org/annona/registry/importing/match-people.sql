-- Finds the registered person a row speaks of: by the number in the source, by identifier, or by name, birth date and sex
-- within the same household. A row of a source that has somebody's
-- identifier, and neither a word of her given name nor her birth date, is for a person to decide (reference IM-13).
-- May be repeated for the same rows. A row of someone new stays as it was staged.
-- Each look is a subquery of its own, so that it goes by an index also while the planner knows nothing of the tables yet.
with found as materialized (
  select r.row_number, r.given_tokens, r.birth_date,
         coalesce(
           (select s.person_id
              from source_person s
             where s.source = :source and s.source_index = r.source_index),
           (select p.id
              from person p
             where p.source = :source and p.source_index = r.source_index)) as by_number,
         (select s.content_mac
            from source_person s
           where s.source = :source and s.source_index = r.source_index) as said_before,
         (select i.person_id
            from identifier i
           where i.type = 'national_id' and i.value_index = r.identifier_index
             and i.status in ('unverified', 'valid')) as by_identifier,
         coalesce(
           (select i.person_id
              from identifier i
             where i.type = 'virtual_id' and i.value_index = r.virtual_id_index
               and i.status in ('unverified', 'valid')),
           (select t.person_id
              from retired_identifier t
             where t.type = 'virtual_id' and t.value_index = r.virtual_id_index and t.restored_at is null
             order by t.retired_at desc limit 1)) as by_virtual_id,
         (select p.id
            from (select h.id
                    from household h
                   where h.source = :source and h.source_index = r.household_index
                  union all
                  select a.household_id
                    from source_household a
                   where a.source = :source and a.source_index = r.household_index) h
            join membership m on m.household_id = h.id and m.valid_from <= :today
                             and (m.valid_to is null or m.valid_to > :today)
            join person p on p.id = m.person_id
           where p.likeness = r.likeness
           limit 1) as by_likeness
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome <> 'rejected'
),
decided as (
  select f.row_number,
         p.id as person_id,
         case
           when f.by_number <> f.by_identifier or p.id <> f.by_virtual_id then 'IDENTIFIER_OF_ANOTHER'
           when p.status <> 'active' then 'PERSON_NOT_ACTIVE'
           when not f.given_tokens && p.name_tokens and (f.birth_date = p.birth_date) is not true
           then 'SPEAKS_OF_ANOTHER'
         end as fault,
         coalesce(f.said_before, p.content_mac) as content_mac
    from found f
    left join person p on p.id = coalesce(f.by_number, f.by_identifier, f.by_virtual_id, f.by_likeness)
)
update import_row r
   set person_id = d.person_id,
       outcome   = case
                     when d.fault is not null then 'rejected'
                     when d.person_id is null then 'create'
                     when d.content_mac = r.content_mac then 'unchanged'
                     else 'update'
                   end,
       problems  = case
                     when d.fault is not null
                     then jsonb_build_array(jsonb_build_object('column', null, 'code', d.fault, 'otherRow', null))
                   end
  from decided d
 where r.import_id = :import and r.row_number = d.row_number
   and (d.person_id is not null or r.person_id is not null)
