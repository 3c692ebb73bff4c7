delete from matching_mark m
 using (select list_id, mark from matching_mark where list_id = :list limit :most) gone
 where m.list_id = gone.list_id and m.mark = gone.mark
