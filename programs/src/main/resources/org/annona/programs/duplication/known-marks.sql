select mark, covered
from matching_mark
where source_id = :source and mark = any (:marks::bytea[])
