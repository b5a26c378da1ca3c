using Delivery.Tool;
using Delivery.Tool.CommandLine;

using var telemetry = CommandTelemetry.Open();
return await DeliveryCommand.RunAsync(args, TimeProvider.System);
