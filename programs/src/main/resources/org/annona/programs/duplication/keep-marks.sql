insert into matching_mark (source_id, mark, covered)
select :source, q.mark, q.covered
from unnest(:marks::bytea[], :covereds::int[]) as q(mark, covered)
