select f.id, f.person_id, f.value_sealed
from phone f
where f.person_id = any (:ids::uuid[]) and f.active
order by f.person_id, f.created_at, f.id
