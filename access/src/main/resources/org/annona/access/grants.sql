select g.id, g.user_name, g.organisation_id, o.code as organisation_code, o.name as organisation_name, o.active,
       g.role, r.name as title, r.built_in, g.granted_by, g.granted_at, g.accepted_by, g.accepted_at, g.in_force, a.enabled,
       array(select p.permission from role_permission p where p.role = g.role order by p.permission) as permissions
from user_grant g
join foundation.organisation o on o.id = g.organisation_id
join role r on r.code = g.role
join user_account a on a.name = g.user_name
where (:user::text is null or g.user_name = :user)
  and (:id::uuid is null or g.id = :id)
  and (:role::text is null or g.role = :role)
  and (:organisation::smallint is null or g.organisation_id = :organisation)
  and (not :waiting or not g.in_force)
order by g.user_name, g.granted_at, g.organisation_id, g.role
