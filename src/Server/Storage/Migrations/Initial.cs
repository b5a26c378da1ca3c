using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>The first schema. The statements stand in numbered SQL files, one per provider; a test holds them to the model.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0001_initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0001_initial");
}
