return await Delivery.Tool.DeliveryCommand.RunAsync(args, TimeProvider.System);
