select mark, covered
from matching_entry
where exchange_id = :exchange and mark > :after::bytea
order by mark
limit :most
