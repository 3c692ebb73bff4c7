select active from foundation.organisation where id = :id for share
