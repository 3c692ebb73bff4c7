select h.id, h.ref, h.created_at, h.updated_at, a.code as area_code, a.name as area_name
from household h
left join area a on a.id = h.area_id
where h.id = any (:ids::uuid[])
