-- Money that went out. It settles an attempt that was sent, with the same amount, once; anything else is unexplained. While an entry
-- for a whole message is unexplained, people decide which debit each of its payments was.
insert into statement_line (statement_id, number, credit, amount_minor, reference, bank_reference, return_reason, reversal, charge,
                            booked_on, meaning, attempt_id, note, open_minor)
select :statement, n.number, false, n.amount, n.reference, n.bank_reference, n.return_reason, n.reversal, n.charge, n.booked_on,
       n.meaning, case when n.meaning = 'settlement' then n.attempt_id end,
       case
         when n.meaning <> 'suspense' then ''
         when n.reversal then 'the bank takes back what came in before'
         when n.bundled > 0 then 'bundles ' || n.bundled || ' payments, and no message of ours has its number and sum'
         when n.attempt_id is null then 'no payment of ours has this reference'
         when n.attempt_state in ('rejected', 'voided') then 'urgent: paid although the payment counts as ' || n.attempt_state
         when n.attempt_state in ('settled', 'returned') or n.place > 1 then 'urgent: paid twice under one reference'
         when n.attempt_amount <> n.amount then 'the amount is another one'
         when n.in_bundle then 'an entry for the whole message of this payment is not explained'
         else 'paid although it was never sent'
       end,
       case when n.meaning = 'suspense' then n.amount else 0 end
  from (select l.*, a.id as attempt_id, a.state as attempt_state, a.amount_minor as attempt_amount,
               bundle.message_id is not null as in_bundle,
               row_number() over (partition by l.reference order by l.part desc, l.number) as place,
               case
                 when l.charge then 'fee'
                 when not l.reversal and a.state in ('sending', 'unknown', 'accepted') and a.amount_minor = l.amount
                      and (l.part or bundle.message_id is null)
                      and row_number() over (partition by l.reference order by l.part desc, l.number) = 1
                 then 'settlement'
                 else 'suspense'
               end as meaning
          from unnest(:number::int[], :amount::bigint[], :reference::text[], :bankReference::text[],
                      :returnReason::text[], :reversal::boolean[], :charge::boolean[], :bookedOn::date[], :bundled::int[],
                      :part::boolean[])
                 as l(number, amount, reference, bank_reference, return_reason, reversal, charge, booked_on, bundled, part)
          left join attempt a on a.reference = l.reference
          left join batch bundle
            on bundle.id = a.batch_id
           and (bundle.message_id = any (:reference::text[])
                or exists (select from statement_line d
                            where d.reference = bundle.message_id and not d.credit and d.open_minor > 0))) n
