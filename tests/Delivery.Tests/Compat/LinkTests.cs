using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace Delivery.Tests.Compat;

/// <summary>
/// The runtime looks a member up when a method that uses it first runs, so a missing one would show in the middle of a call.
/// Here every reference that gRPC's assemblies hold into the contracts is looked up beforehand.
/// </summary>
public sealed class LinkTests
{
    private static readonly Assembly[] Contracts = [typeof(CallInvoker).Assembly, typeof(ICompressionProvider).Assembly];

    // Stands for every type parameter of the code a reference is used in; no type or method there has more.
    private static readonly Type[] Arguments = [.. Enumerable.Repeat(typeof(object), 8)];

    public static TheoryData<Assembly, int> Libraries => new()
    {
        { typeof(GrpcServiceOptions).Assembly, 100 },
        { typeof(GrpcChannel).Assembly, 100 },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Everything_a_library_refers_to_exists_and_is_open_to_it(Assembly library, int referencesAtLeast)
    {
        var faults = new List<string>();
        var references = TokensInto(library);

        foreach (var (token, name) in references)
        {
            if (Fault(library, token) is { } fault)
            {
                faults.Add($"{name}: {fault}");
            }
        }

        Assert.Empty(faults);
        Assert.True(references.Count >= referencesAtLeast, $"only {references.Count} references were found to check");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Every_type_of_a_library_loads_on_the_contracts_it_derives_from(Assembly library, int referencesAtLeast)
    {
        // An abstract member that the library does not override, or a changed constraint, fails right here.
        var types = library.GetTypes();

        Assert.True(types.Length >= referencesAtLeast);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_asks_for_the_very_identity_the_contracts_have(Assembly library, int _)
    {
        var asked = library.GetReferencedAssemblies()
            .Where(name => Contracts.Any(contract => contract.GetName().Name == name.Name))
            .Select(name => name.FullName);

        Assert.Equal(Contracts.Select(contract => contract.FullName).Order(), asked.Order());
    }

    private static List<(int Token, string Name)> TokensInto(Assembly library)
    {
        using var file = new PEReader(File.OpenRead(library.Location));
        var reader = file.GetMetadataReader();
        var contracts = reader.AssemblyReferences
            .Where(handle => Contracts.Any(contract =>
                contract.GetName().Name == reader.GetString(reader.GetAssemblyReference(handle).Name)))
            .Select(handle => (EntityHandle)handle)
            .ToHashSet();

        var tokens = new List<(int, string)>();
        foreach (var handle in reader.TypeReferences)
        {
            var type = reader.GetTypeReference(handle);
            if (contracts.Contains(Outermost(reader, type).ResolutionScope))
            {
                tokens.Add((MetadataTokens.GetToken(handle), reader.GetString(type.Name)));
            }
        }

        // Members of generic types hang below a type specification, whose first reference tells where the type lives.
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (OwnerOf(reader, member.Parent) is { } owner
                && contracts.Contains(Outermost(reader, reader.GetTypeReference(owner)).ResolutionScope))
            {
                var type = reader.GetString(reader.GetTypeReference(owner).Name);
                tokens.Add((MetadataTokens.GetToken(handle), $"{type}.{reader.GetString(member.Name)}"));
            }
        }

        return tokens;
    }

    private static TypeReference Outermost(MetadataReader reader, TypeReference type) =>
        type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Outermost(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))
            : type;

    private static TypeReferenceHandle? OwnerOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
        {
            return (TypeReferenceHandle)parent;
        }

        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return null;
        }

        var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        _ = signature.ReadCompressedInteger();
        var generic = signature.ReadTypeHandle();
        return generic.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)generic : null;
    }

    private static string? Fault(Assembly library, int token)
    {
        try
        {
            var member = library.ManifestModule.ResolveMember(token, Arguments, Arguments);
            return member switch
            {
                Type { IsVisible: true } => null,
                MethodBase { IsPublic: true } or MethodBase { IsFamily: true } or MethodBase { IsFamilyOrAssembly: true } => null,
                MethodBase { IsAssembly: true } method when IsFriend(method.Module.Assembly, library) => null,
                FieldInfo { IsPublic: true } => null,
                _ => "exists but is closed to the library",
            };
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or ArgumentException)
        {
            return e.Message;
        }
    }

    private static bool IsFriend(Assembly contract, Assembly library) =>
        contract.GetCustomAttributes<InternalsVisibleToAttribute>()
            .Any(friend => new AssemblyName(friend.AssemblyName).Name == library.GetName().Name);
}
