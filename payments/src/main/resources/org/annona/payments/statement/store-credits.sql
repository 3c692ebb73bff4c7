-- Money that came in. It first gives back a debit in suspense under the same reference and of the same amount, whether the bank
-- marks it as a reversal or not: of two debits and one credit, one payment has been made. Then it is funds that were announced, or
-- money of a settled payment that comes back.
with incoming as (
  select l.*, row_number() over (partition by l.reference, l.amount order by l.number) as place
    from unnest(:number::int[], :amount::bigint[], :reference::text[], :bankReference::text[],
                :returnReason::text[], :reversal::boolean[], :charge::boolean[], :bookedOn::date[], :bundled::int[])
           as l(number, amount, reference, bank_reference, return_reason, reversal, charge, booked_on, bundled)
),
open_debit as (
  select d.reference, d.amount_minor, d.open_minor,
         case when d.open_minor = d.amount_minor
              then row_number() over (partition by d.reference, d.amount_minor, d.open_minor order by s.sequence, d.number)
         end as place
    from statement_line d
    join statement s on s.id = d.statement_id
   where not d.credit and d.open_minor > 0 and d.reference <> '' and d.reference = any (:reference::text[])
     -- An entry for a message whose payments are open is perhaps no second one.
     and not exists (select from attempt a
                       join batch b on b.id = a.batch_id
                      where b.message_id = d.reference and a.state in ('sending', 'unknown', 'accepted'))
),
matched as (
  select i.*, d.reference is not null as gives_back
    from incoming i
    left join open_debit d on d.reference = i.reference and d.amount_minor = i.amount and d.place = i.place
),
-- Other debits in suspense under the reference: people decide which of them, or the payment, the money belongs to.
unclear as (
  select reference
    from (select reference, count(*) as debits from open_debit group by reference) o
   where debits > (select count(*) from matched m where m.reference = o.reference and m.gives_back)
  union
  select reference
    from (select a.reference, b.message_id, count(*) as debits
            from attempt a
            join batch b on b.id = a.batch_id
            join statement_line d on d.reference = b.message_id and not d.credit and d.open_minor > 0
           where a.reference = any (:reference::text[])
           group by a.reference, b.message_id) bundle
   where debits > (select count(*) from matched m where m.reference = bundle.message_id and m.gives_back)
)
insert into statement_line (statement_id, number, credit, amount_minor, reference, bank_reference, return_reason, reversal, charge,
                            booked_on, meaning, attempt_id, note, open_minor)
select :statement, n.number, true, n.amount, n.reference, n.bank_reference, n.return_reason, n.reversal, n.charge, n.booked_on,
       n.meaning, case when n.meaning = 'return' then n.attempt_id end,
       case
         when n.meaning <> 'suspense' then ''
         when n.gives_back then 'gives back a debit under this reference'
         when n.unclear then 'a debit under this reference, or for its message, is not explained; people decide which of them came back'
         when n.funding_id is not null then 'funds of this reference came with another amount, or again'
         when n.attempt_id is null then 'neither announced nor of a payment of ours'
         else 'money comes back that was not seen going out, or more than went out'
       end,
       case when n.meaning = 'suspense' then n.amount else 0 end
  from (select m.*, a.id as attempt_id, f.id as funding_id, u.reference is not null as unclear,
               case
                 when m.gives_back or u.reference is not null then 'suspense'
                 when f.received_minor = 0 and f.amount_minor = m.amount
                      and row_number() over (partition by m.reference order by m.number) = 1
                 then 'funding'
                 when a.state in ('settled', 'returned_in_part')
                      and sum(m.amount) over (partition by m.reference, m.gives_back order by m.number)
                          <= a.settled_minor - a.returned_minor
                 then 'return'
                 else 'suspense'
               end as meaning
          from matched m
          left join unclear u on u.reference = m.reference
          left join attempt a on a.reference = m.reference
          left join funding f on f.reference = m.reference and f.withdrawn_by is null) n
