-- Addresses for which something is due, each found by one step through the index, however much waits there. Those that take
-- what is sent come first. Which messages are in work is not looked at: a line that finds none ends at once.
with recursive address (partner_id, address) as (
  (select c.partner_id, c.address from callback c where c.state = 'pending' order by c.partner_id, c.address limit 1)
  union all
  select next.partner_id, next.address
  from address a
  cross join lateral (select c.partner_id, c.address from callback c
                       where c.state = 'pending' and (c.partner_id, c.address) > (a.partner_id, a.address)
                       order by c.partner_id, c.address limit 1) next
)
select a.partner_id, a.address, t.address is not null as troubled
from address a
join partner p on p.id = a.partner_id and p.state = 'active'
left join callback_trouble t on t.partner_id = a.partner_id and t.address = a.address
where (t.silent_until is null or t.silent_until <= :now)
  and exists (select from callback c
               where c.state = 'pending' and c.partner_id = a.partner_id and c.address = a.address
                 and c.next_try_at <= :now)
order by troubled, a.partner_id, a.address
