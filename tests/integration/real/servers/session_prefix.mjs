// Preloaded (NODE_OPTIONS) into servers that make their session ids with crypto.randomUUID: puts
// $MCPCTL_TEST_REPLICA in front of them. Where one writes the server oneself this is its
// sessionIdGenerator, () => `${process.env.HOSTNAME}-${randomUUID()}`: a load balancer that cannot
// remember ids can then tell by the id itself where a session lives.
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const random = crypto.randomUUID;
crypto.randomUUID = (...args) => `${process.env.MCPCTL_TEST_REPLICA}-${random(...args)}`;
syncBuiltinESMExports();
