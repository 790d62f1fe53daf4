/* eslint-disable */
export default async () => {
    const t = {};
    return { "@nestjs/swagger": { "models": [], "controllers": [[import("./agent-protocol/agent-protocol.controller.js"), { "AgentProtocolController": { "register": { type: Object }, "heartbeat": { type: Object }, "claim": { type: Object }, "report": { type: Object }, "append": {}, "artifact": {}, "deregister": { type: Object } } }], [import("./agent-protocol/control.controller.js"), { "ControlController": { "control": {} } }], [import("./ops/health.controller.js"), { "HealthController": { "live": {}, "ready": { summary: "200 when every dependency answers, else 503; each with its reason." } } }]] } };
};