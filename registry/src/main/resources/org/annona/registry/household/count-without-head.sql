-- Households with people and without a head: nobody is paid for them.
insert into figure (name, value, counted_at)
select 'households without head', count(*), now()
  from (select m.household_id
          from membership m
         where m.valid_from <= :today and (m.valid_to is null or m.valid_to > :today)
         group by m.household_id
        having not bool_or(m.role = 'head')) headless
  join household h on h.id = headless.household_id and h.status = 'active'
on conflict (name) do update set value = excluded.value, counted_at = excluded.counted_at
