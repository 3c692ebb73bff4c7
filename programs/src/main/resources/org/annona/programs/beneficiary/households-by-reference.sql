select q.number, h.id
from unnest(:numbers::int[], :refs::text[]) as q(number, ref)
join household h on h.ref = q.ref
