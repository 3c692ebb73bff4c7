-- Money that came in: funds that were announced, or money of a settled payment that comes back.
insert into statement_line (statement_id, number, credit, amount_minor, reference, bank_reference, return_reason, charge,
                            booked_on, meaning, attempt_id, note)
select :statement, n.number, true, n.amount, n.reference, n.bank_reference, n.return_reason, n.charge, n.booked_on,
       n.meaning, case when n.meaning = 'return' then n.attempt_id end,
       case
         when n.meaning <> 'suspense' then ''
         when n.funding_id is not null then 'funds of this reference came with another amount, or again'
         when n.attempt_id is null then 'neither announced nor of a payment of ours'
         else 'money comes back that was not seen going out, or more than went out'
       end
  from (select l.*, a.id as attempt_id, f.id as funding_id,
               case
                 when f.received_minor = 0 and f.amount_minor = l.amount
                      and row_number() over (partition by l.reference order by l.number) = 1
                 then 'funding'
                 when a.state = 'settled'
                      and sum(l.amount) over (partition by l.reference order by l.number)
                          <= a.settled_minor - a.returned_minor
                 then 'return'
                 else 'suspense'
               end as meaning
          from unnest(:number::int[], :amount::bigint[], :reference::text[], :bankReference::text[],
                      :returnReason::text[], :charge::boolean[], :bookedOn::date[])
                 as l(number, amount, reference, bank_reference, return_reason, charge, booked_on)
          left join attempt a on a.reference = l.reference
          left join funding f on f.reference = l.reference) n
