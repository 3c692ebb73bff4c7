-- Records of a page that have the number of another one and say something else.
select r.place
  from unnest(:indexes::bytea[], :places::bigint[], :macs::bytea[]) as r(record_index, place, content_mac)
  join pulled_record t on t.import_id = :import and t.record_index = r.record_index
 where t.content_mac <> r.content_mac
