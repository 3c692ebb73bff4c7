select p.id, p.ref, p.status, p.name_sealed, p.email_sealed, p.sex, p.birth_date, p.birth_precision, p.death_date,
       p.created_at, p.updated_at
from person p
where p.id = any (:ids::uuid[])
