-- Ends the memberships of whom the source no longer tells in a household that it told whole, and of heads whose place
-- somebody else takes. Only people of whom this source told before; and no household of which a row is rejected, because it is
-- not known whole. Whoever left is written again when the source tells of her again.
with told as (
  select distinct r.household_index
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome <> 'rejected' and r.household_index is not null
),
whole as (
  select t.household_index, h.id as household_id
    from told t
    join lateral (select a.household_id as id
                    from source_household a
                   where a.source = :source and a.source_index = t.household_index
                  union all
                  select k.id
                    from household k
                   where k.source = :source and k.source_index = t.household_index) h on true
   where not exists (select from import_row f
                      where f.import_id = :import and f.household_index = t.household_index
                        and f.outcome = 'rejected')
),
ending as (
  select m.id, m.person_id,
         case
           when f.row_number is null then 'left'
           when f.household_index = w.household_index then 'role_changed'
           else 'moved'
         end as reason
    from whole w
    join membership m on m.household_id = w.household_id and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
    left join lateral (select f.row_number, f.household_index, f.is_head, f.outcome
                         from import_row f
                        where f.import_id = :import and f.person_id = m.person_id
                        order by f.outcome = 'rejected'
                        limit 1) f on true
   where exists (select from source_person s where s.source = :source and s.person_id = m.person_id)
     -- Whoever was entered a moment ago, from the same household.
     and not exists (select from import_row n
                      where n.import_id = :import and n.household_index = w.household_index
                        and n.outcome = 'create' and n.new_person_id = m.person_id)
     and (f.row_number is null
          or (m.role = 'head' and f.outcome = 'update'
              and not (f.is_head and f.household_index is not distinct from w.household_index)))
),
ended as (
  update membership m
     set valid_to = :today, end_reason = e.reason
    from ending e
   where m.id = e.id
  returning m.person_id, e.reason
)
update source_person s
   set content_mac = ''
  from ended e
 where s.source = :source and s.person_id = e.person_id and e.reason = 'left'
