-- Finds the registered person a row speaks of: by the number in the source, by identifier, or by name, birth date and sex
-- within the same household. May be repeated for the same rows.
with found as (
  select r.row_number,
         by_number.id as by_number,
         by_identifier.person_id as by_identifier,
         by_likeness.id as by_likeness
    from import_row r
    left join person by_number
      on by_number.source = :source and by_number.source_index = r.source_index
    left join identifier by_identifier
      on by_identifier.type = 'national_id' and by_identifier.value_index = r.identifier_index
     and by_identifier.status in ('unverified', 'valid')
    left join lateral (
           select p.id
             from household h
             join membership m on m.household_id = h.id and m.valid_from <= :today
                              and (m.valid_to is null or m.valid_to > :today)
             join person p on p.id = m.person_id
            where h.source = :source and h.source_index = r.household_index and p.likeness = r.likeness
            limit 1) by_likeness
      on true
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome is distinct from 'rejected'
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
