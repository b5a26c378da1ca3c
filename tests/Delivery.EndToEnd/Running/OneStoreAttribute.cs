namespace Delivery.EndToEnd.Running;

/// <summary>Marks tests that run on one store, or on none; their summary says why. All others are classes with one subclass for each store.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OneStoreAttribute : Attribute;
