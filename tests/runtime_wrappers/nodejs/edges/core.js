'use strict';
// What only http, https and http2 have, by subject.

module.exports = ({ url, told }) => ({
  ...require('./requests')(url, told),
  ...require('./responses')(url, told),
  ...require('./agents')(url),
  ...require('./https_agents')(told),
  ...require('./http2_sessions')(told),
});
