-- Whoever holds an identifier that another one holds too is listed once.
insert into matching_entry (exchange_id, mark, covered)
select :exchange, q.mark, q.covered
from unnest(:marks::bytea[], :covereds::int[]) as q(mark, covered)
on conflict do nothing
