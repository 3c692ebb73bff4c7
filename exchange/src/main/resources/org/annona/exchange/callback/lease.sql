-- Takes the oldest that are due at one address; other addresses have turns of their own.
update callback
   set lease_until = :until, attempts = attempts + 1
 where id in (select c.id from callback c
               where c.state = 'pending' and c.partner_id = :partner and c.address = :address
                 and c.next_try_at <= :now
                 and (c.lease_until is null or c.lease_until < :now)
               order by c.next_try_at, c.id
               limit :most
               for update skip locked)
returning id, partner_id, registry, action, target, address, header::text as header, message_sealed, encrypted, attempts,
          tried_until, subscription
