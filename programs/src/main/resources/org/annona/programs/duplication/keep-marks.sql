insert into matching_mark (list_id, mark, covered)
select :list, q.mark, q.covered
from unnest(:marks::bytea[], :covereds::int[]) as q(mark, covered)
