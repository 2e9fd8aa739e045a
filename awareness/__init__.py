"""Legal information for the public: topics, leaflets, sessions held."""
