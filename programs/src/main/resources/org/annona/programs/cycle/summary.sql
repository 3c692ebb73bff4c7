with now_rows as (
  select subject_id, amount_minor, state, reason from entitlement where cycle_id = :cycle
),
previous as (
  select id, code, payable, total_minor
    from cycle
   where programme_id = :programme and id <> :cycle and state in ('released', 'closed')
   order by opened_at desc
   limit 1
),
before_rows as (
  select e.subject_id, e.amount_minor from entitlement e join previous p on p.id = e.cycle_id
   where e.state not in ('held', 'nil')
),
difference as (
  select count(*) filter (where b.subject_id is null) as joined,
         count(*) filter (where n.subject_id is null) as gone,
         count(*) filter (where n.amount_minor <> b.amount_minor) as changed
    from (select subject_id, amount_minor from now_rows where state = 'computed') n
    full join before_rows b using (subject_id)
),
spread as (
  select count(*) as payable, coalesce(sum(amount_minor), 0)::bigint as total_minor,
         percentile_disc(array[0, 0.25, 0.5, 0.75, 1]) within group (order by amount_minor) as quartiles
    from now_rows
   where state = 'computed'
)
select spread.payable, spread.total_minor,
       jsonb_build_object(
         'held', coalesce((select jsonb_object_agg(reason, households)
                             from (select reason, count(*) as households from now_rows where state = 'held' group by reason)
                                  by_reason), '{}'),
         'nil', (select count(*) from now_rows where state = 'nil'),
         'previousCode', previous.code,
         'previousPayable', coalesce(previous.payable, 0),
         'previousTotalMinor', coalesce(previous.total_minor, 0),
         'joined', case when previous.code is null then 0 else difference.joined end,
         'left', difference.gone,
         'changed', difference.changed,
         'smallest', quartiles[1], 'lowerQuartile', quartiles[2], 'median', quartiles[3], 'upperQuartile', quartiles[4],
         'largest', quartiles[5])::text as summary
  from spread
 cross join difference
  left join previous on true
