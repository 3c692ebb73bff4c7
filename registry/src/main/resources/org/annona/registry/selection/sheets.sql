-- The newest phone, the household of the day, and the names of its areas from the smallest to the largest.
select p.id, p.ref, p.name_sealed, p.birth_date, p.birth_precision, p.sex, p.email_sealed,
       p.created_at::date as registered_on,
       i.value_sealed as identifier_sealed,
       f.id as phone_id, f.value_sealed as phone_sealed,
       h.id as household_id, h.address_sealed, a.code as area,
       (select string_agg(above.name, ', ' order by above.level desc)
          from area above where starts_with(a.path, above.path)) as places,
       c.receipt
  from unnest(:people::uuid[], :identifiers::uuid[]) as wanted(person_id, identifier_id)
  join person p on p.id = wanted.person_id
  join identifier i on i.id = wanted.identifier_id
  left join lateral (
    select f.id, f.value_sealed from phone f
     where f.person_id = p.id and f.active order by f.created_at desc, f.id desc limit 1) f on true
  left join membership m on m.person_id = p.id and m.valid_from <= :today
                        and (m.valid_to is null or m.valid_to > :today)
  left join household h on h.id = m.household_id
  left join area a on a.id = h.area_id
  left join consent c on c.person_id = p.id and c.purpose = :purpose and c.withdrawn_at is null
