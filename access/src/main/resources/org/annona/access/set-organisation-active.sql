update foundation.organisation set active = :active where id = :id
