-- Counted are users who may log in.
select o.id, o.code, o.name, o.active,
       count(distinct a.name) filter (where g.in_force) as users,
       count(distinct a.name) filter (where g.in_force and g.role = 'administrator' and a.password_hash is not null)
         as administrators
from foundation.organisation o
left join user_grant g on g.organisation_id = o.id
left join user_account a on a.name = g.user_name and a.enabled
group by o.id
order by o.id
