select q.number, p.id
from unnest(:numbers::int[], :refs::text[]) as q(number, ref)
join person p on p.ref = q.ref and p.status in ('active', 'deceased')
