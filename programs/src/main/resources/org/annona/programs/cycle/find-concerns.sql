-- Account new: another one than the last list of the household was paid on, or is being paid on. The first payment of a household has
-- nothing to differ from. Account shared: another household of this list, or of any list that is not cancelled, has the same one.
insert into account_concern (cycle_id, household_id, kind, households, opened_by)
select :cycle, line.household_id,
       case when not line.shared then 'new' when line.differs then 'new_and_shared' else 'shared' end,
       -- Not counted to the end: the account of an agent may serve a hundred thousand.
       (select count(*)
          from (select from entitlement s
                 where s.account_mark = line.account_mark and s.cycle_id = :cycle limit 1000) counted), :openedBy
  from (select l.household_id, l.account_mark,
               last.there is not null and last.account_mark is distinct from l.account_mark as differs,
               exists (select from entitlement o
                         join cycle c on c.id = o.cycle_id and c.state <> 'cancelled'
                        where o.account_mark = l.account_mark and o.state not in ('held', 'nil', 'cancelled')
                          and o.household_id <> l.household_id) as shared
          from entitlement l
          left join lateral (
                 select true as there, p.account_mark
                   from entitlement p
                   join cycle c on c.id = p.cycle_id and c.state in ('released', 'closed')
                  where p.household_id = l.household_id and p.cycle_id <> :cycle and p.state not in ('held', 'nil', 'cancelled')
                  order by c.opened_at desc
                  limit 1) last on true
         where l.cycle_id = :cycle and l.household_id > :after and l.household_id <= :last
           and l.state = 'computed' and l.account_mark is not null) line
 where line.differs or line.shared
