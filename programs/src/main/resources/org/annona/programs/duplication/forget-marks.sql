delete from matching_mark m
 using (select source_id, mark from matching_mark where source_id = :source limit :most) gone
 where m.source_id = gone.source_id and m.mark = gone.mark
