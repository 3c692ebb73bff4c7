-- Account new: another one than the last list of the household was paid on, or is being paid on. Where that is not the account of the
-- list, because another one was accepted later, its version says which one it is. The first payment of a household has
-- nothing to differ from. Account shared: another payee of this list, or of any list that is not cancelled, has the same
-- one; a parent who is paid for several children shares nothing.
-- This list first: the account of an agent may serve a hundred thousand households, also on lists that were cancelled.
with line as materialized (
  select l.subject_id, l.account_mark,
         case when last.there is null then false
              when last.paid_version is null then last.account_mark is distinct from l.account_mark
              else (last.payee_id, last.paid_version) is distinct from (l.payee_id, l.account_version) end as differs,
         exists (select from entitlement o
                  where o.account_mark = l.account_mark and o.cycle_id = :cycle and o.state not in ('held', 'nil', 'cancelled')
                    and o.payee_id is distinct from l.payee_id)
         or exists (select from entitlement o
                      join cycle c on c.id = o.cycle_id and c.state <> 'cancelled'
                     where o.account_mark = l.account_mark and o.state not in ('held', 'nil', 'cancelled')
                       and o.payee_id is distinct from l.payee_id) as shared
    from entitlement l
    left join lateral (
           select true as there, p.account_mark, p.paid_version, p.payee_id
             from entitlement p
             join cycle c on c.id = p.cycle_id and c.state in ('released', 'closed')
            where p.subject_id = l.subject_id and p.cycle_id <> :cycle and p.state not in ('held', 'nil', 'cancelled')
            order by c.opened_at desc
            limit 1) last on true
   where l.cycle_id = :cycle and l.subject_id > :after and l.subject_id <= :last
     and l.state = 'computed' and l.account_mark is not null
),
-- Once for each account, and not to the end.
account as materialized (
  select m.account_mark,
         (select count(*)
            from (select from entitlement s
                   where s.account_mark = m.account_mark and s.cycle_id = :cycle limit 1000) counted) as households
    from (select distinct account_mark from line where differs or shared) m
)
insert into account_concern (cycle_id, subject_id, kind, households, opened_by)
select :cycle, line.subject_id,
       case when not line.shared then 'new' when line.differs then 'new_and_shared' else 'shared' end, account.households, :openedBy
  from line
  join account on account.account_mark = line.account_mark
 where line.differs or line.shared
