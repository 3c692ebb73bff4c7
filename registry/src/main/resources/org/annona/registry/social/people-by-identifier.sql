select q.number, i.person_id as id
from unnest(:numbers::int[], :types::text[], :indexes::bytea[]) as q(number, type, value_index)
join identifier i on i.type = q.type and i.value_index = q.value_index and i.status in ('unverified', 'valid')
join person p on p.id = i.person_id and p.status in ('active', 'deceased')
