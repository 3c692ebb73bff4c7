-- Only of a list that is whole and current now, so that what is not found is not in it.
select m.mark, m.covered
from matching_mark m
join matching_list l on l.id = m.list_id and l.current and l.whole
where m.list_id = :list and m.mark = any (:marks::bytea[])
