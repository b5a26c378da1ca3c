using System.Reflection;
using System.Reflection.Emit;

namespace Delivery.Tests.House;

/// <summary>
/// Which types of an assembly use which: by inheritance, members, attributes, locals and every instruction of every method. What the
/// compiler makes of lambdas and async methods are nested types, and so speak for the type around them.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every type used by a type, generic arguments and element types one by one.</summary>
    public static IEnumerable<Type> By(Type type) =>
        Shape(type).Concat(type.GetMembers(Declared).SelectMany(OfMember)).SelectMany(Parts).Distinct();

    private static IEnumerable<Type?> Shape(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. Attributes(type.CustomAttributes),
        .. type.GetGenericArguments().SelectMany(argument => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : []),
    ];

    private static IEnumerable<Type?> OfMember(MemberInfo member) => Attributes(member.CustomAttributes).Concat(member switch
    {
        FieldInfo field => [field.FieldType],
        MethodBase method => OfMethod(method),
        _ => [],
    });

    private static IEnumerable<Type?> OfMethod(MethodBase method)
    {
        var signature = method.GetParameters().SelectMany(parameter => Attributes(parameter.CustomAttributes).Append(parameter.ParameterType));
        var result = method is MethodInfo { ReturnType: var type } ? type : null;
        return method.GetMethodBody() is not { } body
            ? signature.Append(result)
            : signature.Append(result)
                .Concat(body.LocalVariables.Select(local => local.LocalType))
                .Concat(body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType))
                .Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => Resolve(method, token)));
    }

    private static IEnumerable<Type?> Resolve(MethodBase within, int token)
    {
        var member = within.Module.ResolveMember(
            token, within.DeclaringType?.GetGenericArguments(), within is MethodInfo { IsGenericMethod: true } ? within.GetGenericArguments() : null);
        return member switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType, field.FieldType],
            MethodInfo method => [method.DeclaringType, method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType), .. method.IsGenericMethod ? method.GetGenericArguments() : []],
            ConstructorInfo constructor => [constructor.DeclaringType, .. constructor.GetParameters().Select(parameter => parameter.ParameterType)],
            _ => [],
        };
    }

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xfe ? OpCodesByValue[(short)(0xfe00 | il[at + 1])] : OpCodesByValue[il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(il, at);
            }

            at += OperandBytes(code.OperandType, il, at);
        }
    }

    private static int OperandBytes(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };

    private static IEnumerable<Type?> Attributes(IEnumerable<CustomAttributeData> attributes) =>
        attributes.SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value as Type).Append(attribute.AttributeType));

    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsGenericType: true, IsGenericTypeDefinition: false } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
