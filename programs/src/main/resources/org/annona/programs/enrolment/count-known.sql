select count(*) from subject h where h.id = any(:households::uuid[])
