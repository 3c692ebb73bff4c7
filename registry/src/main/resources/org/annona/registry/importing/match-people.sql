-- Finds the registered person a row speaks of: by the number in the source, by identifier, or by name, birth date and sex
-- within the same household. May be repeated for the same rows. A row of someone new stays as it was staged.
-- Each look is a subquery of its own, so that it goes by an index also while the planner knows nothing of the tables yet.
with found as materialized (
  select r.row_number,
         (select p.id
            from person p
           where p.source = :source and p.source_index = r.source_index) as by_number,
         (select i.person_id
            from identifier i
           where i.type = 'national_id' and i.value_index = r.identifier_index
             and i.status in ('unverified', 'valid')) as by_identifier,
         (select p.id
            from household h
            join membership m on m.household_id = h.id and m.valid_from <= :today
                             and (m.valid_to is null or m.valid_to > :today)
            join person p on p.id = m.person_id
           where h.source = :source and h.source_index = r.household_index and p.likeness = r.likeness
           limit 1) as by_likeness
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome <> 'rejected'
),
decided as (
  select f.row_number,
         p.id as person_id,
         case
           when f.by_number <> f.by_identifier then 'IDENTIFIER_OF_ANOTHER'
           when p.status <> 'active' then 'PERSON_NOT_ACTIVE'
         end as fault,
         p.content_mac
    from found f
    left join person p on p.id = coalesce(f.by_number, f.by_identifier, f.by_likeness)
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
