-- Addresses that do not take what is sent to them, and those for which messages were given up.
select a.partner_id, p.name, a.address, t.since, t.failures, t.last_error,
       (select count(*) from callback c
         where c.state = 'pending' and c.partner_id = a.partner_id and c.address = a.address) as waiting,
       (select count(*) from callback c
         where c.state = 'dead' and c.partner_id = a.partner_id and c.address = a.address) as given_up,
       greatest(t.silent_until,
                (select min(c.next_try_at) from callback c
                  where c.state = 'pending' and c.partner_id = a.partner_id and c.address = a.address)) as next_try_at
from (select partner_id, address from callback_trouble
      union
      select partner_id, address from callback where state = 'dead') a
join partner p on p.id = a.partner_id
left join callback_trouble t on t.partner_id = a.partner_id and t.address = a.address
where :partner::uuid is null or a.partner_id = :partner::uuid
order by t.since nulls last, p.name, a.address
limit :limit
