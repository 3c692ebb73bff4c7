-- Seconds of silence double with each failure; an address that answers, though not well, is not left alone.
insert into callback_trouble as known (partner_id, address, since, failures, last_error, silent_until)
values (:partner, :address, :now, 1, :error,
        case when :away then :now::timestamptz + interval '2 seconds' else :until::timestamptz end)
on conflict (partner_id, address) do update
   set failures = known.failures + 1,
       last_error = excluded.last_error,
       silent_until = case when :away
                           then :now::timestamptz + least(power(2, least(known.failures + 1, 20)), :longest) * interval '1 second'
                           else :until::timestamptz end
returning silent_until
