select i.id, i.person_id, i.type, i.value_sealed
from identifier i
where i.person_id = any (:ids::uuid[]) and i.status in ('unverified', 'valid')
order by i.person_id, i.created_at, i.id
