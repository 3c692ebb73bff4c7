select count(*) from household h where h.id = any(:households::uuid[])
