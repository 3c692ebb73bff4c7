select count(*) as waiting, min(granted_at) as oldest
from user_grant
where not in_force
  and granted_by <> :actor
  and user_name <> :actor
  and (:organisation::smallint is null or organisation_id = :organisation)
