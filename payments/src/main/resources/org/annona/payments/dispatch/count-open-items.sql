select count(*) from attempt where batch_id = :batch and state in ('sending', 'unknown')
