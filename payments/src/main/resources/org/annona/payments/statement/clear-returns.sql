-- Money that came back before its debit was seen waits in suspense until the debit comes. The sources are statements, with their lines, or
-- clearings of lines that people explained.
with settled as (
  select attempt_id from statement_line where statement_id = any (:source::uuid[]) and meaning = 'settlement'
  union all
  select attempt_id from clearing where id = any (:source::uuid[]) and kind = 'settlement'
),
waiting as (
  select c.statement_id, c.number, c.open_minor, a.id as attempt_id, a.settled_minor - a.returned_minor as outside,
         sum(c.open_minor) over (partition by a.id order by s.sequence, c.number) as until_here
    from settled
    join attempt a on a.id = settled.attempt_id
    join statement_line c on c.reference = a.reference and c.credit and c.open_minor > 0
    join statement s on s.id = c.statement_id
),
cleared as (
  insert into clearing (id, statement_id, line_number, kind, amount_minor, attempt_id)
  select gen_random_uuid(), statement_id, number, 'return', open_minor, attempt_id
    from waiting
   where until_here <= outside
  returning *
)
update statement_line l
   set open_minor = l.open_minor - c.amount_minor
  from cleared c
 where l.statement_id = c.statement_id and l.number = c.line_number
returning c.id
