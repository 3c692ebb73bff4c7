-- Account new: the last payment of the household went to another one. The first payment of a household has nothing to differ from.
-- Account shared: another household of this list is paid on it, or was by an earlier one.
insert into account_concern (cycle_id, household_id, kind, households, opened_by)
select :cycle, line.household_id,
       case when not line.shared then 'new' when line.differs then 'new_and_shared' else 'shared' end,
       line.households, :openedBy
  from (select l.household_id, l.households,
               last.account_mark <> l.account_mark as differs,
               l.households > 1
                 or exists (select from entitlement o
                             where o.account_mark = l.account_mark and o.settled_minor > 0
                               and o.household_id <> l.household_id) as shared
          from (select household_id, account_mark, count(*) over (partition by account_mark) as households
                  from entitlement
                 where cycle_id = :cycle and state = 'computed' and account_mark is not null) l
          left join lateral (
                 select p.account_mark
                   from entitlement p
                   join cycle c on c.id = p.cycle_id
                  where p.household_id = l.household_id and p.settled_minor > 0 and p.account_mark is not null
                  order by c.opened_at desc
                  limit 1) last on true) line
 where line.differs or line.shared
